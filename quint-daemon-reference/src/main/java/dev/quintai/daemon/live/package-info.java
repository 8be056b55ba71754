/** The live view: what runs now, told to whoever asks on this machine as this user. */
package dev.quintai.daemon.live;

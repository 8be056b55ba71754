/** The demonstration: a small real agent, a scripted model, one benign task and one that is not. */
package dev.quintai.daemon.demo;

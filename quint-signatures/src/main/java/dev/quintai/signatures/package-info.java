/** See the module's description. */
package dev.quintai.signatures;

/** The {@code parse} command: recorded exchanges with language models to conversations. */
package dev.quintai.daemon.parse;

/**
 * Reads the traffic of language model APIs: bytes in, tool calls out.
 *
 * <p>{@link dev.quintai.parsers.StandardParsers} are the parsers behind the SPI of {@code
 * dev.quintai.core.spi}; {@link dev.quintai.parsers.Conversations} reads whole exchanges; {@link
 * dev.quintai.parsers.ContentDecoder} undoes compression; {@link
 * dev.quintai.parsers.ArgumentsReader} reads the text of arguments.
 */
package dev.quintai.parsers;

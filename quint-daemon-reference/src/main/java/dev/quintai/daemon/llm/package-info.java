/** Reads the agent's traffic with its model: tool calls become intents, results end them. */
package dev.quintai.daemon.llm;

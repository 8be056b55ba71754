/** What a tool call does, in the twelve capabilities, and the actions that gates 1 and 2 judge. */
package dev.quintai.core.capability;

/**
 * Which programs are AI agents: signatures of known platforms and the detector that applies them.
 */
package dev.quintai.core.platform;

/**
 * What is worth protecting on a developer's machine: where programs keep their secrets, who may
 * read which, where persistence is planted, and which addresses and programs hand out privileges.
 */
package dev.quintai.core.sensitive;

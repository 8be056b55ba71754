/**
 * Command lines of POSIX shells and bash, read without running them.
 *
 * <p>{@link dev.quintai.core.shell.ShellParser} gives the syntax tree, {@link
 * dev.quintai.core.shell.ShellWalker} the simple commands that may run, with what of their words
 * can be known. Input is hostile: both are bounded, take time linear in their input, and never
 * throw on what they read. The grammar follows POSIX.1-2017 XCU chapter 2 and the bash 5.2 manual.
 */
package dev.quintai.core.shell;

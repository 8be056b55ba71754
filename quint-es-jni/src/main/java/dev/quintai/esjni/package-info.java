/**
 * Truth sources. {@link dev.quintai.esjni.SensorStream} reads the JSON of other sensors. On Linux,
 * {@link dev.quintai.esjni.LinuxTrace} starts a command and sees what its whole process tree does,
 * {@link dev.quintai.esjni.ProcScanner} looks at {@code /proc} where that is not possible, and
 * {@link dev.quintai.esjni.BootClock} is the clock that both use.
 */
package dev.quintai.esjni;

package dev.quintai.daemon.run;

import dev.quintai.core.Mode;
import dev.quintai.esjni.LinuxTier;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What to run and how.
 *
 * @param command the agent's command line
 * @param directory where it runs
 * @param environment its environment, before ours is set over it
 * @param data the data folder
 * @param mode what becomes of verdicts
 * @param record where to record events, or null
 * @param findings where to write the final findings, or null
 * @param upstreams where to connect for which host
 * @param withFingerprint whether gate 2 judges by the stored fingerprint although events are
 *     recorded
 * @param truth the way of watching, or null for the best one that works here
 * @param live told the live feed's lines, or null
 */
record RunOrder(
    List<String> command,
    Path directory,
    Map<String, String> environment,
    Path data,
    Mode mode,
    Path record,
    Path findings,
    Upstreams upstreams,
    boolean withFingerprint,
    LinuxTier truth,
    Consumer<String> live) {}

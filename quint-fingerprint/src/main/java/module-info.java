/** An agent's past in a few kilobytes, and the gate that holds its present against it. */
module dev.quintai.fingerprint {
  requires transitive dev.quintai.core;
  requires jdk.unsupported; // zero-allocation-hashing reads memory through sun.misc.Unsafe
  requires zero.allocation.hashing;

  exports dev.quintai.fingerprint;
}

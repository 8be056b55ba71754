/** Gate 3: what the model declared against what the operating system saw. */
module dev.quintai.divergence {
  requires transitive dev.quintai.core;

  exports dev.quintai.divergence;
}

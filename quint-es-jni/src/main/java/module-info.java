/** Truth sources: what the operating system sees. */
module dev.quintai.esjni {
  requires transitive dev.quintai.core;
  requires static com.fasterxml.jackson.core; // only the adapters that read JSON need it

  exports dev.quintai.esjni;
}

/** Gate 1: signed threat signatures over flows between capabilities. */
module dev.quintai.signatures {
  requires transitive dev.quintai.core;
  requires com.fasterxml.jackson.core;
  requires java.json.canonicalization;
  requires org.bouncycastle.provider;

  exports dev.quintai.signatures;
  exports dev.quintai.signatures.federation;
}

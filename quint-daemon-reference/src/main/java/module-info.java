/**
 * The reference daemon: the library wired to real sensors. It runs on the class path; the events
 * codec is for others too.
 */
module dev.quintai.daemon {
  requires com.aayushatharva.brotli4j;
  requires transitive com.fasterxml.jackson.core;
  requires com.github.luben.zstd_jni;
  requires transitive dev.quintai.core;
  requires dev.quintai.divergence;
  requires dev.quintai.esjni;
  requires dev.quintai.fingerprint;
  requires dev.quintai.parsers;
  requires dev.quintai.signatures;
  requires info.picocli;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.codec.http;
  requires io.netty.codec.http2;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.handler.proxy;
  requires io.netty.resolver;
  requires io.netty.transport;
  requires java.json.canonicalization;
  requires java.net.http;
  requires java.sql;
  requires jdk.httpserver;
  requires jdk.unsupported; // sun.misc.Signal: the terminal's signals are the agent's
  requires lettuce.core;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  requires org.snakeyaml.engine;
  requires org.xerial.sqlitejdbc;

  exports dev.quintai.daemon.events;

  opens dev.quintai.daemon.audit to
      info.picocli;
  opens dev.quintai.daemon.cli to
      info.picocli;
  opens dev.quintai.daemon.demo to
      info.picocli;
  opens dev.quintai.daemon.live to
      info.picocli;
  opens dev.quintai.daemon.parse to
      info.picocli;
  opens dev.quintai.daemon.run to
      info.picocli;
  opens dev.quintai.daemon.signatures to
      info.picocli;
}

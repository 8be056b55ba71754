/**
 * The forward proxy between an agent and the network: it opens TLS to language-model hosts with the
 * installation's own certificates, forwards every byte as it came, and hands a decoded, bounded
 * copy of the exchanges to an {@link dev.quintai.daemon.proxy.ExchangeObserver}. Everything else is
 * tunnelled untouched.
 */
package dev.quintai.daemon.proxy;

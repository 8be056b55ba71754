/**
 * The installation's own certificate authority: its key, the leaf certificates of intercepted
 * hosts, and the bundles of roots that agents and the proxy trust.
 */
package dev.quintai.daemon.ca;

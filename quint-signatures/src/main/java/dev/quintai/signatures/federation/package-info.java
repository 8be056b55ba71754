/**
 * Shapes across tenants: what may leave a tenant, and when many tenants' shapes become one
 * signature for all.
 */
package dev.quintai.signatures.federation;

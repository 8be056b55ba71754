/** Strict reading (I-JSON, RFC 7493) and canonical writing (RFC 8785) of JSON. */
package dev.quintai.signatures.json;

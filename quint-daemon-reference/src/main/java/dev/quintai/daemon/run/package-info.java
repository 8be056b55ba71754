/** Runs one agent under watch: proxy, truth source, engine, records and summary. */
package dev.quintai.daemon.run;

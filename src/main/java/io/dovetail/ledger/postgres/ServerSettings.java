package io.dovetail.ledger.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How the embedded server is set up: nothing confirmed is lost, little memory, and much writing into short queues. */
final class ServerSettings {

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            // what is confirmed is on disk
            Map.entry("fsync", "on"),
            Map.entry("synchronous_commit", "on"),
            Map.entry("full_page_writes", "on"),
            // this machine's processes alone, and no socket file whose path could be too long
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("max_connections", "50"),
            Map.entry("password_encryption", "scram-sha-256"),
            // memory
            Map.entry("shared_buffers", "128MB"),
            Map.entry("huge_pages", "off"),
            Map.entry("work_mem", "8MB"),
            Map.entry("maintenance_work_mem", "64MB"),
            Map.entry("effective_cache_size", "1GB"),
            // fewer processes: what is read was written a moment ago, and nothing is replicated from here
            Map.entry("io_method", "sync"),
            Map.entry("max_wal_senders", "0"),
            Map.entry("wal_level", "minimal"),
            Map.entry("max_logical_replication_workers", "0"),
            Map.entry("max_parallel_workers_per_gather", "0"),
            Map.entry("max_parallel_maintenance_workers", "0"),
            // writing: rare checkpoints, but never more than about a quarter of a minute of recovery after a crash
            Map.entry(
                    "wal_compression",
                    "off"), // these programs have neither lz4 nor zstd, and pglz costs more than it saves
            Map.entry("wal_buffers", "16MB"),
            Map.entry("max_wal_size", "2GB"),
            Map.entry("min_wal_size", "256MB"),
            Map.entry("checkpoint_timeout", "15min"),
            Map.entry("checkpoint_completion_target", "0.9"),
            // A vacuum reads whole indexes and an analyze samples whole tables: done whenever a twentieth has changed,
            // they are a fifth of all that the server does at full speed. Plans do not depend on statistics here.
            Map.entry("autovacuum_naptime", "15s"),
            Map.entry("autovacuum_max_workers", "2"),
            Map.entry("autovacuum_vacuum_cost_delay", "1ms"),
            Map.entry("autovacuum_vacuum_cost_limit", "1000"),
            Map.entry("autovacuum_vacuum_scale_factor", "0.2"),
            // but not for weeks in a table of years: what a backlog leaves behind in the indexes is in every claim's
            // way
            Map.entry("autovacuum_vacuum_max_threshold", "10000000"),
            Map.entry("autovacuum_vacuum_insert_threshold", "1000000"),
            Map.entry("autovacuum_vacuum_insert_scale_factor", "0.2"),
            Map.entry("autovacuum_analyze_threshold", "100000"),
            Map.entry("autovacuum_analyze_scale_factor", "0.5"),
            // short statements on a solid-state disk
            Map.entry("jit", "off"),
            Map.entry("random_page_cost", "1.1"),
            Map.entry("idle_in_transaction_session_timeout", "60s"),
            Map.entry("timezone", "UTC"),
            // what is wrong and nothing else: neither the statement nor the row, which may hold a partner's data
            Map.entry("log_min_messages", "warning"),
            Map.entry("log_min_error_statement", "panic"),
            Map.entry("log_error_verbosity", "terse"),
            Map.entry("log_checkpoints", "off"),
            Map.entry("log_autovacuum_min_duration", "-1"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("log_line_prefix", "%m [%p] "));

    private ServerSettings() {}

    /** As arguments of the server, which no file and no {@code ALTER SYSTEM} overrides. */
    static List<String> arguments(int port) {
        var arguments = new ArrayList<>(List.of("-p", Integer.toString(port)));
        new TreeMap<>(SETTINGS).forEach((name, value) -> {
            arguments.add("-c");
            arguments.add(name + "=" + value);
        });
        return arguments;
    }
}

-- A vacuum of a large table reads its indexes whole. The claims' partial indexes keep themselves short by what scans
-- find dead, so that a rare vacuum is enough.
alter table event reset (autovacuum_vacuum_scale_factor);
alter table event set (autovacuum_vacuum_threshold = 200000);

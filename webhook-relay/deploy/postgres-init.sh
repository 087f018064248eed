#!/bin/bash
# Called once, in the primary's first start: roles, the database, and what makes "acknowledged" mean "on two disks".
set -euo pipefail
psql --username postgres --no-psqlrc --quiet --set ON_ERROR_STOP=1 <<'SQL'
\set relay_password `cat /run/secrets/relay_password`
\set replication_password `cat /run/secrets/replication_password`
CREATE ROLE relay LOGIN PASSWORD :'relay_password';
CREATE ROLE replicator LOGIN REPLICATION PASSWORD :'replication_password';
CREATE DATABASE bandeja OWNER relay ENCODING 'UTF8' TEMPLATE template0;
SQL
# Copied to the standbys with everything else, so whoever is promoted has it. All three are named: a server does not wait for itself.
# In the file and not on the command line, because this first start has no standby that could confirm anything.
cat >> "$PGDATA/postgresql.conf" <<'CONF'
synchronous_commit = on
synchronous_standby_names = 'ANY 1 (pg1, pg2, pg3)'
wal_keep_size = 2GB
CONF
echo 'host replication replicator all scram-sha-256' >> "$PGDATA/pg_hba.conf"

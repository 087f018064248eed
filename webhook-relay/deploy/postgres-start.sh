#!/bin/bash
# One server of the cluster: $NODE is its name, $PRIMARY that of the primary. See "As a cluster" in docs/deploy.md.
# Invariants: an empty database is made only by the primary, and only with FIRST_START=yes; a server that has been the primary and is not named so any
# more does not start, because it could take writes that the others lack; a copy counts only when it is whole.
set -euo pipefail
umask 077
printf '*:*:*:replicator:%s\n' "$(cat /run/secrets/replication_password)" > "$PGPASSFILE"

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ "$NODE" = "$PRIMARY" ]; then
    if [ "${FIRST_START:-}" != yes ]; then
      echo "$NODE is the primary and has no database. If this is the first start of all, set FIRST_START=yes. If its disk was lost, promote a standby instead." >&2
      exit 1
    fi
  else
    rm -rf "$PGDATA" "$PGDATA.incoming"
    until pg_basebackup --dbname="host=$PRIMARY user=replicator" --pgdata="$PGDATA.incoming" --wal-method=stream --checkpoint=fast --no-password; do
      rm -rf "$PGDATA.incoming"
      sleep 2
    done
    touch "$PGDATA.incoming/standby.signal"
    mv "$PGDATA.incoming" "$PGDATA"
  fi
elif [ "$NODE" != "$PRIMARY" ] && [ ! -e "$PGDATA/standby.signal" ]; then
  cat >&2 <<TEXT
$NODE has taken writes as a primary (it was one from the beginning, or was promoted), and its container was made with PRIMARY=$PRIMARY. Delete nothing yet.
Look at PRIMARY in .env first. If it says $NODE, this container is only older than that: docker compose -f compose.cluster.yaml up -d --no-deps $NODE
If it says another one, and that one runs as the primary, then and only then remove the container and the volume of $NODE and start it again: it becomes a copy.
TEXT
  exit 1
fi

# By its cluster_name the primary knows a standby; who is a primary takes no notice of primary_conninfo.
exec docker-entrypoint.sh postgres -c "cluster_name=$NODE" -c "primary_conninfo=host=$PRIMARY user=replicator"

using System.Globalization;
using AkkaDurable.Sql.Internal.Reading;

namespace AkkaDurable.Sql.Internal.Postgres;

/// <summary>
/// The writes, each for many records at once: arrays go in, one element a record, and the numbers (from 1) of the elements that were done come out.
/// </summary>
/// <remarks>
/// <para>A claim is first tried without locks, by one statement that looks at records and leases as they were at one moment and takes over what has not been changed since, by its epoch, claim and
/// revision. That is enough: a record's lease is older than the record's claim, so where the record is seen the lease is seen too, unless it was deleted, which is for ever.</para>
/// <para>What lost a race there is claimed by two statements of one transaction, so that claimants who are many wait for each other instead of trying in vain. The first makes the records that do not
/// exist, in their claimed form, and locks those that do. The second reads all of them, takes over those that may be, and returns what was there before.</para>
/// <para>The second must begin when the locks are held: each statement sees the leases as they were when it began. So it sees the lease of a record that another
/// node claimed a moment ago, which may be newer than the first statement. A lease that it sees though it was just deleted only makes the claimant ask again.</para>
/// <para>A record that the first statement made is known to the second by the transaction that wrote it (xmin), together with the claim's own number.</para>
/// <para>The arrays are sorted by type and key and joined by nested loops, so that rows are locked in one order everywhere; see <see cref="Session"/> and <see cref="Lock"/>.</para>
/// </remarks>
internal sealed class PostgresStatements(TableNames tables, TimeSpan timeout)
{
    // A record that somebody keeps locked must not hold up its neighbours for long: the statement gives up in time to be tried without it.
    private const int LockShareOfTimeout = 5;

    /// <summary>
    /// Run on each writing connection. The server keeps plans until somebody analyses the table, and one that was made while it was small must not read the
    /// whole of it later; so the writer's joins always go through the primary key. Durability and isolation must not depend on the defaults of the
    /// database or the user.
    /// </summary>
    public string Session { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off;
        SET default_transaction_isolation = 'read committed'; SET lock_timeout = {(long)timeout.TotalMilliseconds / LockShareOfTimeout};
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
        """);

    /// <summary>
    /// Locks records in their order, before a group of several kinds of writes. Each kind alone locks in order, but one after the other they would not: two
    /// nodes that take records from each other could wait for each other, which the server notices only after a second.
    /// </summary>
    public string Lock { get; } =
        $"""
        SELECT COUNT(*) FROM (
            SELECT FROM unnest($1, $2) AS v(type, key)
            CROSS JOIN LATERAL (SELECT FROM {tables.Servers} t WHERE t.server_type = v.type AND t.server_key = v.key FOR UPDATE) s
        ) locked
        """;

    /// <summary>Returns what was taken over or refused, as it was before, and then what was made, by its type and key. Of what lost a race it returns nothing.</summary>
    /// <remarks>The place (ctid) saves looking the record up again; one that has moved has been changed. All that exists is locked before anything is made, so two such statements cannot wait for each other.</remarks>
    public string Claim { get; } =
        $"""
        WITH seen AS MATERIALIZED (
            SELECT v.number, v.type AS new_type, v.key AS new_key, v.claim AS new_claim, v.owner AS new_owner, v.lease AS new_lease, v.region AS new_region, s.ctid AS place, s.*,
                (s.state_version <= v.version AND v.statuses & (1 << s.status) <> 0) AS allowed,
                (s.lease_id <> 0 AND s.lease_id <> v.lease AND EXISTS (SELECT FROM {tables.Leases} l WHERE l.lease_id = s.lease_id)) AS held
            FROM unnest($1, $2, $3, $4, $6, $7, $8, $9) WITH ORDINALITY AS v(type, key, claim, owner, lease, region, statuses, version, number)
            LEFT JOIN {tables.Servers} s ON s.server_type = v.type AND s.server_key = v.key
        ), taken AS (
            UPDATE {tables.Servers} s
            SET epoch = s.epoch + 1, claim_id = seen.new_claim, owner = seen.new_owner, lease_id = seen.new_lease, region = seen.new_region, status = 0, updated_at = $5
            FROM seen
            WHERE s.ctid = seen.place AND s.server_type = seen.server_type AND s.server_key = seen.server_key AND seen.allowed AND NOT seen.held
                AND s.epoch = seen.epoch AND s.claim_id = seen.claim_id AND s.revision = seen.revision
            RETURNING seen.*, s.ctid AS now_at
        ), made AS (
            INSERT INTO {tables.Servers} (server_type, server_key, epoch, claim_id, revision, status, owner, state_version, state, created_at, updated_at, lease_id, region)
            SELECT new_type, new_key, 1, new_claim, 0, 0, new_owner, 0, NULL, $5, $5, new_lease, new_region
            FROM seen
            WHERE server_key IS NULL
            ORDER BY number
            ON CONFLICT (server_type, server_key) DO NOTHING
            RETURNING *, ctid AS now_at
        )
        SELECT {RecordColumns.WithState}, number, true AS allowed, false AS held, NULL AS type, NULL AS key, now_at FROM taken
        UNION ALL
        SELECT {RecordColumns.WithState}, number, allowed, held, NULL, NULL, NULL FROM seen WHERE server_key IS NOT NULL AND (held OR NOT allowed)
        UNION ALL
        SELECT {RecordColumns.WithState}, 0, true, false, server_type, server_key, now_at FROM made
        """;

    public string ClaimMissing { get; } =
        $"""
        INSERT INTO {tables.Servers} (server_type, server_key, epoch, claim_id, revision, status, owner, state_version, state, created_at, updated_at, lease_id, region)
        SELECT v.type, v.key, 1, v.claim, 0, 0, v.owner, 0, NULL, $5, $5, v.lease, v.region
        FROM unnest($1, $2, $3, $4, $6, $7) WITH ORDINALITY AS v(type, key, claim, owner, lease, region, number)
        ORDER BY v.number
        ON CONFLICT (server_type, server_key) DO UPDATE SET epoch = excluded.epoch WHERE false -- which only locks
        """;

    public string ClaimPresent { get; } =
        $"""
        WITH found AS MATERIALIZED (
            SELECT v.number, v.claim AS new_claim, v.owner AS new_owner, v.lease AS new_lease, v.region AS new_region, s.*,
                (s.xmin = pg_current_xact_id()::xid AND s.epoch = 1 AND s.claim_id = v.claim) AS created,
                (s.state_version <= v.version AND v.statuses & (1 << s.status) <> 0) AS allowed,
                (s.lease_id <> 0 AND s.lease_id <> v.lease AND EXISTS (SELECT FROM {tables.Leases} l WHERE l.lease_id = s.lease_id)) AS held
            FROM unnest($1, $2, $3, $4, $6, $7, $8, $9) WITH ORDINALITY AS v(type, key, claim, owner, lease, region, statuses, version, number)
            CROSS JOIN LATERAL (SELECT t.xmin, t.* FROM {tables.Servers} t WHERE t.server_type = v.type AND t.server_key = v.key) s
        ), taken AS (
            UPDATE {tables.Servers} s
            SET epoch = s.epoch + 1, claim_id = found.new_claim, owner = found.new_owner, lease_id = found.new_lease, region = found.new_region, status = 0, updated_at = $5
            FROM found
            WHERE s.server_type = found.server_type AND s.server_key = found.server_key AND found.allowed AND NOT found.held AND NOT found.created
        )
        SELECT {RecordColumns.WithState}, number, allowed, held, created FROM found
        """;

    public string Save { get; } =
        $"""
        UPDATE {tables.Servers} s
        SET revision = s.revision + 1,
            status = v.status,
            state_version = CASE WHEN v.state IS NULL THEN s.state_version ELSE v.version END,
            state = COALESCE(v.state, s.state),
            recent_calls = COALESCE(v.calls, s.recent_calls),
            lease_id = CASE WHEN v.status = 0 THEN s.lease_id ELSE 0 END,
            updated_at = $10
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) WITH ORDINALITY AS v(type, key, epoch, claim, revision, status, version, state, calls, number)
        WHERE s.server_type = v.type AND s.server_key = v.key AND s.epoch = v.epoch AND s.claim_id = v.claim AND s.revision = v.revision
        RETURNING v.number, s.ctid
        """;

    /// <summary>The same for states of running servers of which it is known where their records lie (ctid). No index is searched, nor is anything written that stays as it is.</summary>
    /// <remarks>What lies at a place may be another record by now, or none. Key and token tell: the claim's number is drawn for one claim of one record. Whatever is not found must be tried by <see cref="Save"/>,
    /// since the record may just have been moved.</remarks>
    public string SaveInPlace { get; } =
        $"""
        UPDATE {tables.Servers} s
        SET revision = s.revision + 1,
            state_version = v.version,
            state = v.state,
            recent_calls = COALESCE(v.calls, s.recent_calls),
            updated_at = $9
        FROM unnest($1::text[]::tid[], $2, $3, $4, $5, $6, $7, $8) WITH ORDINALITY AS v(place, key, epoch, claim, revision, version, state, calls, number)
        WHERE s.ctid = v.place AND s.server_key = v.key AND s.epoch = v.epoch AND s.claim_id = v.claim AND s.revision = v.revision AND s.status = 0
        RETURNING v.number, s.ctid
        """;

    /// <summary>The same as <see cref="Save"/> for one record, which costs the server less than a join with arrays of one.</summary>
    public string SaveOne { get; } =
        $"""
        UPDATE {tables.Servers}
        SET revision = revision + 1,
            status = $6,
            state_version = CASE WHEN $8 IS NULL THEN state_version ELSE $7 END,
            state = COALESCE($8, state),
            recent_calls = COALESCE($9, recent_calls),
            lease_id = CASE WHEN $6 = 0 THEN lease_id ELSE 0 END,
            updated_at = $10
        WHERE server_type = $1 AND server_key = $2 AND epoch = $3 AND claim_id = $4 AND revision = $5
        RETURNING 1::bigint, ctid
        """;

    /// <summary>The same for records of which more is changed than servers change all the time, and which are few.</summary>
    public string SaveRare { get; } =
        $"""
        UPDATE {tables.Servers} s
        SET revision = s.revision + 1,
            status = v.status,
            state_version = CASE WHEN v.state IS NULL THEN s.state_version ELSE v.version END,
            state = COALESCE(v.state, s.state),
            recent_calls = COALESCE(v.calls, s.recent_calls),
            is_permanent = COALESCE(v.permanent, s.is_permanent),
            crashes = COALESCE(v.crashes, s.crashes),
            lease_id = CASE WHEN v.status = 0 THEN s.lease_id ELSE 0 END,
            updated_at = $12
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) WITH ORDINALITY AS v(type, key, epoch, claim, revision, status, version, state, calls, permanent, crashes, number)
        WHERE s.server_type = v.type AND s.server_key = v.key AND s.epoch = v.epoch AND s.claim_id = v.claim AND s.revision = v.revision
        RETURNING v.number, s.ctid
        """;

    public string Delete { get; } =
        $"""
        DELETE FROM {tables.Servers} s
        USING unnest($1, $2, $3, $4) WITH ORDINALITY AS v(type, key, epoch, claim, number)
        WHERE s.server_type = v.type AND s.server_key = v.key AND s.epoch = v.epoch AND s.claim_id = v.claim
        RETURNING v.number
        """;
}

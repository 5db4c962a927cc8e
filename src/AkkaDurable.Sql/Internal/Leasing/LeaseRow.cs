namespace AkkaDurable.Sql.Internal.Leasing;

/// <summary>A lease as the table has it.</summary>
/// <param name="Owner">Who has it, or had it last.</param>
/// <param name="Version">How often it has changed hands.</param>
/// <param name="WantedBy">Who asked the owner to hand it over; nobody mostly.</param>
internal sealed record LeaseRow(LeaseOwner Owner, long Version, LeaseOwner WantedBy);

using System.Data.Common;
using AkkaDurable.Hosting.Internal.Storage;
using AkkaDurable.Sql;
using Microsoft.Extensions.Configuration;

namespace AkkaDurable.Hosting.Internal.Configuration;

/// <summary>The section <c>AkkaDurable:Sql</c>.</summary>
internal static class SqlSettings
{
    /// <param name="section">The section.</param>
    /// <param name="defaultFile">The SQLite file to use when no database is named.</param>
    /// <param name="configure">What the code says.</param>
    public static SqlStateStoreOptions Build(IConfigurationSection? section, string defaultFile, Action<SqlStateStoreOptions>? configure) =>
        LayeredOptions.Build(
            new SqlStateStoreOptions { ProviderName = "" },
            section,
            Read,
            configure,
            options =>
            {
                if (string.IsNullOrEmpty(options.ConnectionString) && options.ProviderName is "" or SqlProviderNames.Sqlite)
                {
                    options.ConnectionString = DefaultConnectionString(defaultFile);
                }

                if (options.ProviderName is "")
                {
                    options.ProviderName = ProviderGuess.Of(options.ConnectionString);
                }

                options.Validate();
            });

    private static string DefaultConnectionString(string file) => new DbConnectionStringBuilder { ["Data Source"] = file }.ConnectionString;

    private static void Read(SettingsSection section, SqlStateStoreOptions options)
    {
        section.Text(nameof(options.ConnectionString), value => options.ConnectionString = value);
        section.Text(nameof(options.ProviderName), value => options.ProviderName = value);
        section.Text(nameof(options.Schema), value => options.Schema = value);
        section.Text(nameof(options.TablePrefix), value => options.TablePrefix = value);
        section.Flag(nameof(options.AutoCreate), value => options.AutoCreate = value);
        section.Duration(nameof(options.CommandTimeout), value => options.CommandTimeout = value);
        section.Duration(nameof(options.BusyTimeout), value => options.BusyTimeout = value);
        section.Integer(nameof(options.Writers), value => options.Writers = value);
        section.Integer(nameof(options.MaxGroupSize), value => options.MaxGroupSize = value);
        section.Integer(nameof(options.MaxWaiting), value => options.MaxWaiting = value);
    }
}

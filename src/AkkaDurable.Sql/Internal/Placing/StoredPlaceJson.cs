using System.Text.Json.Serialization;

namespace AkkaDurable.Sql.Internal.Placing;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredPlace[]))]
internal sealed partial class StoredPlaceJson : JsonSerializerContext;

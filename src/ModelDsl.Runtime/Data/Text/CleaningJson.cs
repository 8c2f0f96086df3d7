using System.Text.Json;

namespace ModelDsl;

/// <summary>Reads and writes the cleaning in the file of a vocabulary.</summary>
internal static class CleaningJson
{
    /// <summary>Writes the cleaning as a property.</summary>
    public static void Write(Utf8JsonWriter json, TextCleaning cleaning)
    {
        json.WriteStartObject("cleaning");
        json.WriteBoolean("lowerCase", cleaning.LowerCase);
        json.WriteString("removed", cleaning.Removed);
        json.WriteString("separators", cleaning.Separators);
        json.WriteEndObject();
    }

    /// <summary>Reads the cleaning.</summary>
    /// <exception cref="KeyNotFoundException">A property is missing.</exception>
    /// <exception cref="InvalidOperationException">A property has another type.</exception>
    public static TextCleaning Read(JsonElement root)
    {
        var cleaning = root.GetProperty("cleaning");
        return new TextCleaning
        {
            LowerCase = cleaning.GetProperty("lowerCase").GetBoolean(),
            Removed = cleaning.GetProperty("removed").GetString() ?? "",
            Separators = cleaning.GetProperty("separators").GetString() ?? "",
        };
    }
}

using System.Text.Json;

namespace ModelDsl;

/// <summary>The cleaning of a vocabulary in its file.</summary>
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

    /// <summary>Reads it.</summary>
    /// <exception cref="KeyNotFoundException">Something is missing.</exception>
    /// <exception cref="InvalidOperationException">Something is of another type.</exception>
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

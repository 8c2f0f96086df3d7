using System.Globalization;

namespace ModelDsl.Images.Drawing;

/// <summary>A font of 5 × 7 pixels for labels in images: digits, capital letters (also used for small ones) and some symbols.</summary>
internal static class PixelFont
{
    public const int Width = 5, Height = 7;

    /// <summary>The distance from one character to the next, in pixels.</summary>
    public const int Advance = Width + 1;

    // A character and its seven rows, in hexadecimal; the highest of five bits is the leftmost pixel.
    private const string Table = """
        0 0E11131519110E
        1 040C040404040E
        2 0E11010204081F
        3 1F02040201110E
        4 02060A121F0202
        5 1F101E0101110E
        6 0608101E11110E
        7 1F010204080808
        8 0E11110E11110E
        9 0E11110F01020C
        A 0E11111F111111
        B 1E11111E11111E
        C 0E11101010110E
        D 1C12111111121C
        E 1F10101E10101F
        F 1F10101E101010
        G 0E11101711110F
        H 1111111F111111
        I 0E04040404040E
        J 0702020202120C
        K 11121418141211
        L 1010101010101F
        M 111B1515111111
        N 11111915131111
        O 0E11111111110E
        P 1E11111E101010
        Q 0E11111115120D
        R 1E11111E141211
        S 0F10100E01011E
        T 1F040404040404
        U 1111111111110E
        V 11111111110A04
        W 1111111515150A
        X 11110A040A1111
        Y 1111110A040404
        Z 1F01020408101F
        . 00000000000C0C
        , 0000000C040408
        : 000C0C000C0C00
        - 0000001F000000
        + 0004041F040400
        _ 0000000000001F
        / 00010204081000
        \ 00100804020100
        % 18190204081303
        ( 02040808080402
        ) 08040202020408
        ' 0C040800000000
        ? 0E110102040004
        ! 04040404000004
        = 00001F001F0000
        # 0A0A1F0A1F0A0A
        """;

    private static readonly Dictionary<char, byte[]> Glyphs = Table.Split('\n').ToDictionary(line => line[0], line => Convert.FromHexString(line[2..].Trim()));

    /// <summary>Returns the width of a text in pixels.</summary>
    public static int Measure(string text) => Math.Max(0, (text.Length * Advance) - 1);

    /// <summary>Draws a text.</summary>
    /// <param name="image">The image to draw on; the parts outside it are clipped.</param>
    /// <param name="text">The text; unknown characters become question marks.</param>
    /// <param name="x">The left edge.</param>
    /// <param name="y">The upper edge; for upright text the lower edge, where it begins.</param>
    /// <param name="color">The value of each channel.</param>
    /// <param name="upright">Whether the text is rotated by 90°, so that it reads from the bottom up.</param>
    public static void Write(Image image, string text, int x, int y, ReadOnlySpan<byte> color, bool upright = false)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ' ')
                continue;
            var glyph = Glyphs.GetValueOrDefault(char.ToUpper(text[i], CultureInfo.InvariantCulture)) ?? Glyphs['?'];
            for (var row = 0; row < Height; row++)
            {
                for (var column = 0; column < Width; column++)
                {
                    if ((glyph[row] >> (Width - 1 - column) & 1) == 0)
                        continue;
                    var along = (i * Advance) + column;
                    var (px, py) = upright ? (x + row, y - along) : (x + along, y + row);
                    if ((uint)px < (uint)image.Width && (uint)py < (uint)image.Height)
                        color.CopyTo(image[px, py]);
                }
            }
        }
    }
}

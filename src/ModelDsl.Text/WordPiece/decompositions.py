"""Writes decompositions.txt: characters with a canonical decomposition, and the decomposition without nonspacing marks. Korean syllables are computed."""
import pathlib
import unicodedata

lines = [f"# Unicode {unicodedata.unidata_version}, by decompositions.py"]
for value in range(0x110000):
    if 0xD800 <= value <= 0xDFFF or 0xAC00 <= value <= 0xD7A3:
        continue
    parts = unicodedata.normalize("NFD", chr(value))
    if parts != chr(value):
        lines.append(" ".join(f"{ord(part):04X}" for part in chr(value) + "".join(c for c in parts if unicodedata.category(c) != "Mn")))
pathlib.Path(__file__).with_suffix(".txt").write_text("\n".join(lines) + "\n")

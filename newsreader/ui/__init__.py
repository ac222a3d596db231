"""The Textual app: the only part of newsreader that draws."""

"""Wikitext, as dumps of MediaWiki hold it, and the prose that readers of a page see."""

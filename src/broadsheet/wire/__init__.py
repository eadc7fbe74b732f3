"""Wire: copy coming in, never out.

In come bytes, by a retriever or from a file; parsers make frozen ``WireItem``s of them;
``decide`` says, purely, what each is to the paper (new, update, unchanged, refused). Out go
decided items, which the newsroom adopts. It refuses what it cannot read with a sentence that
names the file, and it knows nothing of the admin.
"""

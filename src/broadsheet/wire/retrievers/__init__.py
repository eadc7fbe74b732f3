"""Retrievers: where bytes come from. In goes a place, out come bytes with their origin.

    web.retrieve(url, state)         a feed or a page (web.fetch, web.fetch_picture by themselves)
    folder.retrieve(path, state)     files that somebody puts into a folder
    mailbox.retrieve(box, state)     messages in an IMAP mailbox
    files.read(files, …)             files that a person names, for ``broadsheet import``

The first three give a ``Retrieval`` of ``Retrieved``s (``retrieved.py``):

    retrieval = folder.retrieve(path, channel.state)
    try:
        for one in retrieval:
            store what one.incoming holds, then one.done(), or one.failed(why)
    except RetrieveError as error:
        the place as a whole cannot be had: back_off(failures, interval, error)
    finally:
        channel.state = retrieval.state

Nothing counts as had before what it held is stored: a program that ends in between is offered
the same again, and the pipeline knows it again.

A retriever knows nothing of formats. What it cannot get it hands on as ``Unreadable``, with
the reason, so that the rest of the batch goes on. It refuses machines that are not public
(``addresses.py``), files outside the folder it was given, and more bytes or seconds than it was
allowed; secrets come from ``settings.secret``, by name.
"""

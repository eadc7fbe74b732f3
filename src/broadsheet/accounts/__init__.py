"""Accounts: the people of the paper.

In come sign-ups by an administrator and the names that stories are signed with. Out go
users, and bylines that a story carries in order. What a person may do is not decided here
but by the roles that the newsroom seeds; nobody who only reads the paper has an account.
"""

package whirlwind.net;

/** What every stream keeps; run for each kind of them. */
interface StreamContract extends ReadContract, WriteContract, CloseContract {}

"""Networks that have seen many pictures, taken apart into what each of their layers sees in one."""

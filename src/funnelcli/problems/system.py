"""What the operating system answers, in words of both languages."""

import errno
import os
import stat
from collections.abc import Callable

from funnelcli.text import Text, foreign

# What is said wherever a file is read.
CANNOT_READ = Text("{name}: cannot be read: {reason}.", "{name}: không đọc được: {reason}.")
CHECK_PATH = Text("Check the path.", "Kiểm tra lại đường dẫn.")
NOT_UTF8 = Text("{name}: is not UTF-8 text (byte {byte}).", "{name}: không phải văn bản UTF-8 (byte {byte}).")
SAVE_UTF8 = Text("Save it as UTF-8.", "Lưu lại dạng UTF-8.")

MOST_QUOTED = 200  # characters of what a library says

_VIETNAMESE = {
    errno.ENOENT: "không có tệp hay thư mục này",
    errno.EACCES: "không có quyền truy cập",
    errno.EPERM: "không được phép",
    errno.EISDIR: "là thư mục",
    errno.ENOTDIR: "không phải thư mục",
    errno.EEXIST: "đã có sẵn",
    errno.ENOSPC: "ổ đĩa hết chỗ",
    errno.EDQUOT: "hết dung lượng cho phép",
    errno.EFBIG: "tệp quá lớn",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.EIO: "lỗi đọc ghi",
    errno.ELOOP: "liên kết vòng",
    errno.ENAMETOOLONG: "tên tệp quá dài",
    errno.EBUSY: "đang bận",
    errno.EINVAL: "tham số không hợp lệ",
    errno.EMFILE: "mở quá nhiều tệp",
}


def reason_of(error: OSError) -> Text:
    """Why the system refused; what has no translation here is quoted.

    >>> reason_of(IsADirectoryError(errno.EISDIR, "Is a directory"))
    Text(en='Is a directory', vi='là thư mục')
    """
    english = error.strerror or str(error)
    known = _VIETNAMESE.get(error.errno) if error.errno is not None else None
    return Text(english, known) if known else foreign(english)


def line_of(error: BaseException, seen: Callable[[str], str] = str) -> Text:
    """What a library says of an error, quoted in one line, as it may be ``seen``; its kind, where it says nothing.

    >>> line_of(ValueError("no such host. \\n at 10.0.0.1")).en, line_of(KeyError()).en
    ('no such host', 'KeyError')
    """
    first = next(iter(str(error).strip().splitlines()), "")
    return foreign(seen(first)[:MOST_QUOTED].rstrip(". ") or type(error).__name__)


def kind_of(mode: int) -> Text:
    """What is no regular file, by the ``mode`` that the system gives it.

    >>> kind_of(stat.S_IFIFO).en, kind_of(stat.S_IFDIR).vi
    ('a pipe', 'thư mục')
    """
    if stat.S_ISDIR(mode):
        return Text("a folder", "thư mục")
    if stat.S_ISFIFO(mode):
        return Text("a pipe", "ống dẫn (pipe)")
    if stat.S_ISSOCK(mode):
        return Text("a socket", "socket")
    return Text("a device", "thiết bị")


def at_once(path: str, flags: int) -> int:
    """An opener that does not wait for whatever should be at the other end."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))

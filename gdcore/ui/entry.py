"""The door of every page: from where it may be opened in local mode, who may open it in office mode; else one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit import config
from streamlit.runtime.secrets import secrets_singleton

from gdcore import settings
from gdcore.errors import ConfigurationError, DeskError
from gdcore.roles import ROLE_NAMES, Action, Person
from gdcore.settings import Mode
from gdcore.store.people import NotPresent
from gdcore.ui import person
from gdcore.ui.html import Html, el, md, show

NAME = "年报核查台"
_SECRET_LENGTH = 32  # characters of a cookie_secret
_NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "X-Forwarded-Host")
_TO_OFFICE = (
    "多人使用时改用办公室模式：设置环境变量 GDCORE_MODE=office，在 .streamlit/secrets.toml 中配置 [auth]，"
    "并用 gdcheck people add 登记人员（见 docs/operating.md）。"
)
_WELCOMED = "entry_welcomed"
# A deep link survives the way to the identity provider and back, which ends at the first page. Paths of this site alone.
_KEEP_ADDRESS = Html("<script>sessionStorage.setItem('desk_after', location.pathname + location.search)</script>")
_GO_BACK = Html(
    "<script>(() => { const to = sessionStorage.getItem('desk_after'); sessionStorage.removeItem('desk_after');"
    " if (to && /^\\/[^/\\\\]/.test(to) && to !== location.pathname + location.search) location.replace(to); })()</script>"
)


def admit() -> Person:
    """Who opens this page. Shows one sentence instead, and ends the run, where nobody comes in."""
    try:
        return _entered()
    except NotPresent as error:
        _sign_in(error)
        st.stop()
    except DeskError as error:
        _refuse("没有打开", f"{error}{error.remedy}")
        st.stop()


def require(here: Person, action: Action, title: str) -> None:
    """End the run of a page that the person may not open, with one sentence."""
    if not here.may(action):
        st.title(md(title), anchor=False)
        st.write(md(f"您的角色是“{ROLE_NAMES[here.role]}”，不能打开这一页。需要时请联系本单位的系统管理员。"))
        st.stop()


def _entered() -> Person:
    if settings.load().mode is Mode.LOCAL:
        if fault := exposed(config.get_option("server.address"), st.context.ip_address, _headers()):
            raise ConfigurationError(fault, _TO_OFFICE)
        return person.enter()
    if fault := unready(_secrets(), config.get_option("server.trustedUserHeaders"), find_spec("authlib") is not None):
        raise ConfigurationError(fault, "改好后重新启动（见 docs/operating.md）。")
    here = person.enter()
    if not st.session_state.get(_WELCOMED):
        st.session_state[_WELCOMED] = True
        st.html(_GO_BACK, unsafe_allow_javascript=True)
    return here


# --- local mode -------------------------------------------------------------------------------------------------------


def exposed(address: str | None, ip: str | None, headers: Mapping[str, str]) -> str:
    """Why the desk could be reached from elsewhere in local mode, as a sentence; "" if it cannot.

    `address` is what the server listens on, None for everything; `ip` whence the browser comes, None for this machine. A
    `Host` that is no name of this machine is a site elsewhere whose name was made to point here.
    """
    if not _is_loopback(address):
        told = f"服务监听在 {address}" if address else "服务监听在所有网络地址"
        return f"{told}，其他机器也能打开，而本机模式没有登录。请在 .streamlit/config.toml 中把 server.address 改为 127.0.0.1。"
    if isinstance(ip, str) and not _is_loopback(ip):
        return f"本机模式只能在运行它的机器上打开，这次访问来自 {ip}。"
    host = headers.get("Host", "")
    if host and not _is_loopback(urlsplit(f"//{host}").hostname):
        return f"本机模式只能用 http://127.0.0.1 打开，这次访问用的是 {host}。"
    for name in _FORWARDED:
        for each in filter(None, (part.strip() for part in headers.get(name, "").split(","))):
            if not _is_loopback(urlsplit(f"//{each}").hostname if name.endswith("Host") else each):
                return f"本机模式不能经由代理打开，这次访问是从 {each} 转来的。"
    if headers.get("Forwarded"):
        return "本机模式不能经由代理打开。"
    return ""


def _is_loopback(name: str | None) -> bool:
    if not name:
        return False
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return name.rstrip(".").lower() == "localhost"


def _headers() -> Mapping[str, str]:
    return {name: value for name, value in st.context.headers.items() if isinstance(value, str)}


# --- office mode ------------------------------------------------------------------------------------------------------


def unready(auth: Mapping[str, Any], trusted_headers: Any, has_authlib: bool) -> str:
    """What is missing before people can sign in, as a sentence; "" if nothing is."""
    if not has_authlib:
        return "办公室模式需要安装 office 组件：pip install 'disclosure-desk[office]'。"
    if missing := [name for name in _NEEDED if not auth.get(name)]:
        return f".streamlit/secrets.toml 的 [auth] 缺少 {'、'.join(missing)}。"
    if len(str(auth["cookie_secret"])) < _SECRET_LENGTH:
        return f".streamlit/secrets.toml 的 cookie_secret 太短，应为至少 {_SECRET_LENGTH} 个随机字符。"
    address = urlsplit(str(auth["redirect_uri"]))
    if address.path.rsplit("/", 1)[-1] != "oauth2callback":
        return ".streamlit/secrets.toml 的 redirect_uri 应为本站网址加 /oauth2callback。"
    if address.scheme != "https" and not _is_loopback(address.hostname):
        return ".streamlit/secrets.toml 的 redirect_uri 应以 https:// 开头：登录信息不能在网络上明文传送。"
    if trusted_headers:
        return "server.trustedUserHeaders 会让请求头冒充登录的人，须从 .streamlit/config.toml 中去掉。"
    return ""


def _secrets() -> Mapping[str, Any]:
    if not secrets_singleton.load_if_toml_exists():
        return {}
    found: Mapping[str, Any] = secrets_singleton.get("auth", {})
    return found


def _sign_in(error: NotPresent) -> None:
    """The page of one who has not come in: why, and the way in or whom to ask."""
    signed_in = person.is_signed_in()
    with st.container(key="entry_sign_in", width=520):
        st.title(NAME, anchor=False)
        if signed_in:
            show(el("p", f"{error}{error.remedy}", class_="say"))
        else:
            show(el("p", "请用本单位的账号登录。", class_="say"))
        if not signed_in or error.again:
            st.html(_KEEP_ADDRESS, unsafe_allow_javascript=True)
            st.button("登录", type="primary", icon=":material/login:", on_click=st.login, key="entry_login")
        else:
            show(
                el(
                    "p",
                    f"登录账号：{person.claims().get('email') or person.claims().get('name') or '—'}",
                    class_="say muted",
                )
            )
            st.button("换一个账号", icon=":material/logout:", on_click=st.logout, key="entry_logout")


def _refuse(title: str, sentence: str) -> None:
    st.title(title, anchor=False)
    st.error(md(sentence))

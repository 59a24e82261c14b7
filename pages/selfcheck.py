"""自查: is the report in order before it is submitted?"""

import streamlit as st

from gdcore.ui import selfcheck, shell

desk = shell.open_page("selfcheck")
going = selfcheck.run()
answer = going.answer if going else None

with shell.head("自查", "报送前先核对一遍：规则与上传核查相同，不入库，不排名，结果只留在本次会话中。"):
    if answer is not None:
        selfcheck.downloads(answer)

if answer is None:
    if going is not None and going.running:
        selfcheck.watch(going)
    else:
        if going is not None and going.fault:
            st.error(going.fault)
        selfcheck.ask()
    st.stop()

with st.expander("再查一批", key="selfcheck_again"):
    selfcheck.ask()
selfcheck.unused(answer.unused)
shell.say(selfcheck.counted(answer.results))
chosen = selfcheck.choose(answer.results)
selfcheck.result(answer.results.index(chosen) + 1, chosen)

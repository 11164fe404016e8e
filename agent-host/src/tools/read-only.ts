import type { Toolbox } from "./toolbox.ts";

/** The same toolbox without a tool that writes: what an engine gets. Asking for one is a bad request, and recorded. */
export function readOnlyToolbox(toolbox: Toolbox): Toolbox {
  const allowed = () => toolbox.tools.filter((tool) => tool.readOnly);
  return {
    get tools() {
      return allowed();
    },
    get gaps() {
      return toolbox.gaps;
    },
    get calls() {
      return toolbox.calls;
    },
    get evidence() {
      return toolbox.evidence;
    },
    call: (tool, args, options) => {
      // An unknown name is refused by the toolbox itself, which lists what there is.
      const writes = toolbox.tools.some(({ name, readOnly }) => name === tool && !readOnly);
      return toolbox.call(writes ? `${tool} (writes; engines only read)` : tool, args, options);
    },
  };
}

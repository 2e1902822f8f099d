/** What passes the proxy for this viewer; what is not said is allowed, the proxy decides anyway. */
export interface ViewerPolicy {
  keyboard: boolean;
  pointer: boolean;
  clipboardIn: boolean;
  clipboardOut: boolean;
  resize: boolean;
  screenshot: boolean;
  printing: boolean;
  /** Names of the data protection policies that closed something. */
  closedBy: string[];
}

export function policyFrom(level: string, policy: unknown): ViewerPolicy {
  const said = typeof policy === 'object' && policy !== null ? (policy as Record<string, unknown>) : {};
  const flag = (name: string, byLevel: boolean): boolean => (typeof said[name] === 'boolean' ? said[name] : byLevel);
  const types = level !== 'view';
  const controls = level === 'control';
  return {
    keyboard: flag('keyboard', types),
    pointer: flag('pointer', types),
    clipboardIn: flag('clipboard_in', controls),
    clipboardOut: flag('clipboard_out', true),
    resize: flag('resize', controls),
    screenshot: flag('screenshot', true),
    printing: flag('printing', true),
    closedBy: Array.isArray(said.closed_by) ? said.closed_by.filter((name) => typeof name === 'string') : [],
  };
}

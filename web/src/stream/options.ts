import type { StreamState } from './machine';

export type Scaling = 'fit' | 'native' | 'window';

export interface StreamTicket {
  url: string;
  level: string;
  policy: unknown;
}

/** Thrown by `ticket` when the server refuses one. */
export interface Refusal {
  status: number;
  code: string;
  text: string;
}

export interface PictureQuality {
  /** 0 (small) to 9 (exact). */
  level: number;
  /** The server may go below it where the line carries less. */
  adapt: boolean;
}

export interface StreamSettings {
  scaling: Scaling;
  quality: PictureQuality;
  /** Sends no input whatever the rights are. */
  viewOnly: boolean;
}

export interface StreamOptions {
  target: HTMLElement;
  ticket: () => Promise<StreamTicket>;
  refusalOf: (error: unknown) => Refusal;
  settings: StreamSettings;
  onState: (state: StreamState) => void;
  /** The first picture of a connection is on the screen. */
  onPicture?: () => void;
  onTicket?: (ticket: StreamTicket) => void;
  onClipboard?: (text: string) => void;
  onBell?: () => void;
  /** False where people see a copy of the target only. */
  exposed?: boolean;
  /** Elements that the page made; whatever else lies over a watermark covers it. */
  own?: (element: Element) => boolean;
}

import type { DlpPolicy, DlpPolicyRequest } from '@/api/types';
import { toKinds, toTypes } from './fileKinds';
import { watermarkFormOf, watermarkOf, type WatermarkForm } from './watermarkForm';

type Rules = DlpPolicyRequest['rules'];
type Section = NonNullable<Rules['clipboard_in']>;
type FileSection = NonNullable<Rules['upload']>;
export type Detector = 'payment_card' | 'iban' | 'email' | 'private_key' | 'secret';
export type Audit = 'none' | 'metadata' | 'content';
export type Action = 'block' | 'warn';
export type Severity = DlpPolicy['severity'];

export const detectors: Detector[] = ['payment_card', 'iban', 'email', 'private_key', 'secret'];
export const mimeTypes = ['text/plain', 'text/html', 'text/rtf', 'image/bmp'];
export const severities: Severity[] = ['low', 'medium', 'high', 'critical'];

export interface PatternForm {
  name: string;
  pattern: string;
  action: Action;
}

export interface ClipboardForm {
  /** Let nothing pass; in an exception: open it although another policy closes it. */
  closed: boolean;
  /** In an exception: only what is listed here is still looked for. */
  lifts: boolean;
  maxBytes: number | '';
  sizeAction: Action;
  perMinute: number | '';
  rateAction: Action;
  block: Detector[];
  warn: Detector[];
  patterns: PatternForm[];
  types: string[];
  audit: Audit;
}

export interface RegionForm {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface FileForm {
  /** Let nothing pass; in an exception: open it although another policy closes it. */
  closed: boolean;
  maxMiB: number | '';
  allow: string[];
  deny: string[];
  /** Scan each; in an exception: no scan is needed. */
  scan: boolean;
  unscanned: 'block' | 'warn';
}

export interface PolicyForm {
  kind: 'restriction' | 'exception';
  reason: string;
  /** Local time, as the field has it. */
  expires: string;
  notifyAdmin: boolean;
  launchReason: boolean;
  launchApproval: boolean;
  name: string;
  description: string;
  severity: Severity;
  priority: number;
  everybody: boolean;
  users: string[];
  teams: string[];
  templates: string[];
  in: ClipboardForm;
  out: ClipboardForm;
  upload: FileForm;
  download: FileForm;
  keys: number | '';
  keysAction: Action;
  region: RegionForm | null;
  noScreenshot: boolean;
  noPrinting: boolean;
  noAudio: boolean;
  noMicrophone: boolean;
  watermark: WatermarkForm | null;
}

const emptyClipboard: ClipboardForm = { closed: false, lifts: false, maxBytes: '', sizeAction: 'block', perMinute: '', rateAction: 'block', block: [], warn: [], patterns: [], types: [], audit: 'none' };
const emptyFiles: FileForm = { closed: false, maxMiB: '', allow: [], deny: [], scan: false, unscanned: 'block' };

export const emptyForm: PolicyForm = {
  kind: 'restriction', reason: '', expires: '', notifyAdmin: false, launchReason: false, launchApproval: false,
  name: '', description: '', severity: 'medium', priority: 0, everybody: true, users: [], teams: [], templates: [], in: emptyClipboard, out: emptyClipboard, upload: emptyFiles, download: emptyFiles, keys: '', keysAction: 'block', region: null, noScreenshot: false, noPrinting: false, noAudio: false, noMicrophone: false,
  watermark: null,
};

export function formOf(policy: DlpPolicy): PolicyForm {
  const { apply_to: scope, rules } = policy;
  const named = policy.kind === 'exception';
  return {
    kind: policy.kind,
    reason: policy.reason ?? '',
    expires: policy.expires_at ? localTime(policy.expires_at) : '',
    notifyAdmin: policy.notify_admin,
    launchReason: rules.require_reason === !named,
    launchApproval: rules.require_approval === !named,
    name: policy.name,
    description: policy.description,
    severity: policy.severity,
    priority: policy.priority,
    everybody: scope.all ?? false,
    users: scope.users ?? [],
    teams: scope.teams ?? [],
    templates: scope.templates ?? [],
    in: clipboardOf(rules.clipboard_in, named),
    out: clipboardOf(rules.clipboard_out, named),
    upload: filesOf(rules.upload, named),
    download: filesOf(rules.download, named),
    keys: rules.keys_per_second ?? '',
    keysAction: rules.keys_action ?? 'block',
    region: rules.visible_region ?? null,
    noScreenshot: rules.screenshot === named,
    noPrinting: rules.printing === named,
    noAudio: rules.audio === false,
    noMicrophone: rules.microphone === false,
    watermark: rules.watermark ? watermarkFormOf(rules.watermark) : null,
  };
}

/** As a field for date and time wants it: here, to the minute. */
function localTime(time: string): string {
  const at = new Date(time);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What an exception needs besides; nothing for a restriction. */
export const exceptionOf = (form: PolicyForm) =>
  form.kind === 'exception' ? { reason: form.reason.trim(), ...(form.expires && { expires_at: new Date(form.expires).toISOString() }) } : {};

function clipboardOf(section: Section | null | undefined, exception: boolean): ClipboardForm {
  const filters = section?.filters ?? [];
  const found = (action: 'block' | 'warn') => filters.filter((f) => f.detector && (f.action ?? 'block') === action).map((f) => f.detector as Detector);
  return {
    closed: section?.allowed === exception,
    lifts: exception && Array.isArray(section?.filters),
    maxBytes: section?.max_bytes ?? '',
    sizeAction: section?.size_action ?? 'block',
    perMinute: section?.per_minute ?? '',
    rateAction: section?.rate_action ?? 'block',
    block: found('block'),
    warn: found('warn'),
    patterns: filters.filter((f) => f.pattern).map((f) => ({ name: f.name ?? '', pattern: f.pattern ?? '', action: f.action ?? 'block' })),
    types: section?.mime_types ?? [],
    audit: section?.audit ?? 'none',
  };
}

/** What the form says as rules. What an older policy says beyond the form stays as it is. */
export function rulesOf(form: PolicyForm, before?: Rules): Rules {
  const exception = form.kind === 'exception';
  return {
    ...before,
    clipboard_in: sectionOf(form.in, exception),
    clipboard_out: sectionOf(form.out, exception),
    upload: fileSectionOf(form.upload, exception),
    download: fileSectionOf(form.download, exception),
    keys_per_second: form.keys === '' ? null : form.keys,
    keys_action: form.keys !== '' && form.keysAction === 'warn' && !exception ? 'warn' : null,
    visible_region: form.region,
    screenshot: form.noScreenshot ? exception : null,
    printing: form.noPrinting ? exception : null,
    audio: form.noAudio && !exception ? false : null,
    microphone: form.noMicrophone && !exception ? false : null,
    require_reason: form.launchReason ? !exception : null,
    require_approval: form.launchApproval ? !exception : null,
    watermark: exception ? null : form.watermark && watermarkOf(form.watermark),
  };
}

export const scopeOf = (form: PolicyForm, before?: DlpPolicy['apply_to']): DlpPolicyRequest['apply_to'] => ({ ...before, all: form.everybody, users: form.users, teams: form.teams, templates: form.templates });

/** Null when it says nothing. */
function sectionOf(form: ClipboardForm, exception: boolean): Section | null {
  const section: Section = {
    ...(form.closed && { allowed: exception }),
    ...(form.maxBytes !== '' && { max_bytes: form.maxBytes }),
    ...(form.maxBytes !== '' && form.sizeAction === 'warn' && !exception && { size_action: 'warn' as const }),
    ...(form.perMinute !== '' && { per_minute: form.perMinute }),
    ...(form.perMinute !== '' && form.rateAction === 'warn' && !exception && { rate_action: 'warn' as const }),
    ...(form.types.length > 0 && { mime_types: form.types }),
    ...(form.audit !== 'none' && !exception && { audit: form.audit }),
  };
  const filters: NonNullable<Section['filters']> = [
    ...form.block.map((detector) => ({ detector, action: 'block' as const })),
    ...form.warn.filter((detector) => !form.block.includes(detector)).map((detector) => ({ detector, action: 'warn' as const })),
    ...form.patterns.map(({ name, pattern, action }) => ({ name: name.trim(), pattern, action })),
  ];
  if (exception ? form.lifts : filters.length > 0) section.filters = filters;
  return Object.keys(section).length === 0 ? null : section;
}

const mebi = 1024 * 1024;

function filesOf(section: FileSection | null | undefined, exception: boolean): FileForm {
  return {
    closed: section?.allowed === exception,
    maxMiB: section?.max_bytes ? Number(section.max_bytes) / mebi : '',
    allow: toKinds(section?.allow_types ?? []),
    deny: toKinds(section?.deny_types ?? []),
    scan: section?.scan === !exception,
    unscanned: section?.unscanned ?? 'block',
  };
}

function fileSectionOf(form: FileForm, exception: boolean): FileSection | null {
  const section: FileSection = {
    ...(form.closed && { allowed: exception }),
    ...(form.maxMiB !== '' && { max_bytes: Math.round(form.maxMiB * mebi) }),
    ...(form.allow.length > 0 && { allow_types: toTypes(form.allow) }),
    ...(form.deny.length > 0 && !exception && { deny_types: toTypes(form.deny) }),
    ...(form.scan && { scan: !exception }),
    ...(exception ? form.unscanned === 'warn' && { unscanned: form.unscanned } : form.scan && { unscanned: form.unscanned }),
  };
  return Object.keys(section).length === 0 ? null : section;
}

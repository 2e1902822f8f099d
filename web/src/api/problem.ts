/** One thing wrong with one field of a request. */
export interface FieldIssue {
  field: string;
  issue: string;
}

/** An answer of the server that says no, or the absence of an answer, in the one form the pages show. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: readonly FieldIssue[];
  readonly traceId: string | null;
  readonly retryAfterSeconds: number | null;

  constructor(init: {
    status: number;
    code: string;
    message: string;
    fields?: readonly FieldIssue[];
    traceId?: string | null;
    retryAfterSeconds?: number | null;
  }) {
    super(init.message);
    this.name = 'Problem';
    this.status = init.status;
    this.code = init.code;
    this.fields = init.fields ?? [];
    this.traceId = init.traceId ?? null;
    this.retryAfterSeconds = init.retryAfterSeconds ?? null;
  }

  /** True when trying the same again later may work. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504;
  }

  issueOf(field: string): string | undefined {
    return this.fields.find((f) => f.field === field)?.issue;
  }
}

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function issues(details: unknown): FieldIssue[] {
  if (!isObject(details)) return [];
  const rows = Array.isArray(details.errors) ? details.errors : [details];
  return rows.flatMap((row: unknown) => {
    if (!isObject(row)) return [];
    const field = text(row.field);
    const issue = text(row.issue);
    return field && issue ? [{ field, issue }] : [];
  });
}

/** Reads problem+json; anything else (a proxy's HTML page, an empty body) still becomes a Problem with the status. */
export function problemFrom(response: Response, body: unknown): Problem {
  const json = isObject(body) ? body : {};
  const error = isObject(json.error) ? json.error : {};
  const retry = Number(response.headers.get('Retry-After'));
  return new Problem({
    status: response.status,
    code: text(error.code) ?? `HTTP_${response.status}`,
    message: text(error.message) ?? text(json.detail) ?? text(json.title) ?? '',
    fields: issues(error.details),
    traceId: text(json.trace_id) ?? response.headers.get('X-Request-Id'),
    retryAfterSeconds: Number.isFinite(retry) && retry > 0 ? retry : null,
  });
}

/** The server could not be reached at all. */
export const unreachable = (): Problem => new Problem({ status: 0, code: 'UNREACHABLE', message: '' });

export const toProblem = (error: unknown): Problem =>
  error instanceof Problem
    ? error
    : new Problem({ status: -1, code: 'UNEXPECTED', message: error instanceof Error ? error.message : String(error) });

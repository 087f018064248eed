/** Meta's text body limit for a free-form message, in UTF-16 code units (Cloud API, "Text messages": body ≤ 4096 characters). */
export const TEXT_BODY_MAX = 4096;

/** Caption of an image, video or document, in UTF-16 code units (Cloud API, "Media messages"). */
export const CAPTION_MAX = 1024;
/** Interactive messages (Cloud API, "Interactive messages"), in UTF-16 code units, and how many at most. */
export const INTERACTIVE_MAX = {
  header: 60,
  body: 1024,
  listBody: 4096,
  footer: 60,
  /** Of a reply button, of the button that opens a list, and of one that opens a link. */
  button: 20,
  url: 2000,
  buttons: 3,
  sectionTitle: 24,
  sections: 10,
  rowTitle: 24,
  rowDescription: 72,
  /** Over all sections. */
  rows: 10,
} as const;
/** Message templates (Graph API, `/{WABA}/message_templates`, "Template components"), in UTF-16 code units, and how many at most. */
export const TEMPLATE_MAX = {
  name: 512,
  header: 60,
  headerVariables: 1,
  body: 1024,
  footer: 60,
  button: 25,
  url: 2000,
  phone: 20,
  copyCode: 15,
  buttons: 10,
  /** By Meta's name of the kind. */
  buttonsOf: { QUICK_REPLY: 10, URL: 2, PHONE_NUMBER: 1, COPY_CODE: 1, VOICE_CALL: 1, FLOW: 1, OTP: 1, CATALOG: 1, MPM: 1 },
} as const;
/** Name of a document as it is sent and shown; longer ones are shortened before their extension. */
export const FILENAME_MAX = 240;
/** JSON of an outbound message's content: it travels in an op beside ids (`OP_BODY_MAX`). */
export const OUTBOUND_CONTENT_MAX = 48 * 1024;

/** Meta keeps what customers send for so long (Cloud API, "Media"; since October 2025); ids of uploads live 30 days. */
export const INBOUND_MEDIA_LIFE_MS = 7 * 24 * 60 * 60 * 1000;
export const UPLOADED_MEDIA_LIFE_MS = 30 * 24 * 60 * 60 * 1000;
/** An id of an upload is used for so long: Meta's clock and ours differ, and a message may wait before it leaves. */
export const UPLOAD_REUSE_MS = UPLOADED_MEDIA_LIFE_MS - 24 * 60 * 60 * 1000;
/** Largest file that WhatsApp carries either way (Cloud API, "Media": documents 100 MB); smaller limits per kind stand in `contract/whatsapp/media-types.ts`. */
export const MEDIA_BYTES_MAX = 104_857_600;
/** What such a file is at most when it is sealed (`main/engine/media/sealed-file.ts`): 24 bytes for each 64 KB. */
export const SEALED_MEDIA_BYTES_MAX = MEDIA_BYTES_MAX + 64 * 1024;
/** Bytes of one piece of a file from the window to the engine. */
export const STAGE_CHUNK_BYTES = 256 * 1024;
/** A small picture of a file, for threads and galleries. */
export const THUMBNAIL_BYTES_MAX = 64 * 1024;
/** Messages that are forwarded, copied or attached at once, and conversations that they are forwarded to. */
export const PICKED_MAX = 50;
export const FORWARD_TARGETS_MAX = 10;
/** Files in one draft. */
export const DRAFT_FILES_MAX = 30;
/** Meta refuses reactions on messages older than this (Cloud API, "Reaction messages"). */
export const REACTION_MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000;
/** Emoji of a reaction, UTF-16 code units. */
export const EMOJI_MAX = 16;

/** The sender's own pace (Cloud API, "Throughput" and "Pair rate limits"): messages a second from one number; pause between two to one person; how many may go at once before that pause counts. */
export const NUMBER_MESSAGES_PER_SECOND = 80;
export const PAIR_PAUSE_MS = 6_000;
export const PAIR_BURST = 10;

/** A message that came this much later than it was written is marked as late. */
export const LATE_AFTER_MS = 2 * 60 * 1000;

/** Length of the customer service window, counted from the customer's last message by Meta's timestamp (Cloud API, "Customer service windows"). */
export const SERVICE_WINDOW_MS = 24 * 60 * 60 * 1000;

/** The last minutes of a window count as closed in the composer and at send time, because clocks and networks differ. */
export const SERVICE_WINDOW_GUARD_MS = 2 * 60 * 1000;

/** A reply that waited longer than this before it could leave, with a newer message from the customer in the thread, is shown to its author again. */
export const STALE_REPLY_MS = 15 * 60 * 1000;

/** How long a message may stay `uncertain` before its author is asked (a status webhook usually settles it within seconds). */
export const UNCERTAIN_ASK_AFTER_MS = 10 * 60 * 1000;

/** Meta refuses read marks for messages older than this (Cloud API, "Mark messages as read"). */
export const MARK_READ_MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000;

/** A clock may run this far ahead of the relay before a message's timestamp is no longer believed. */
export const TIMESTAMP_AHEAD_MAX_MS = 60 * 1000;

/** Desktop → relay: ops in one push frame. */
export const PUSH_BATCH_MAX = 100;

/** Relay → desktop: files named in one frame. */
export const FILES_WANTED_MAX = 500;

/** Relay → desktop: entries and bytes in one catch-up page. */
export const CATCH_UP_PAGE_ENTRIES = 500;
export const CATCH_UP_PAGE_BYTES = 1_000_000;

/** Largest body of one op, in UTF-16 code units of its JSON. */
export const OP_BODY_MAX = 64 * 1024;
/** The same when it is sealed: three bytes a code unit at most, four characters for three bytes, and what sealing adds. */
export const SEALED_BODY_MAX = 4 * OP_BODY_MAX + 200;

/** Names of people, teams, labels, devices and the workspace, in UTF-16 code units. */
export const NAME_MAX = 80;
export const NOTE_BODY_MAX = 10_000;
export const CANNED_BODY_MAX = TEXT_BODY_MAX;
export const SHORTCUT_MAX = 40;
/** Base64url of what is sealed to one device: number settings and Graph token. */
export const SEALED_MAX = 8_000;
/** Ids in one bulk action. */
export const BULK_MAX = 500;
/** Entries of "while you were offline" in one list. */
export const CONFLICTS_MAX = 200;

/** Every desktop reports the digest of its confirmed rows at each multiple of this seq; a snapshot is made at such a seq, so that others can confirm it. */
export const DIGEST_EVERY = 1_000;

/** A template's text with its values filled in, UTF-16 code units: Meta's 1,024 of the body, with room for what it may allow later. */
export const TEMPLATE_TEXT_MAX = 4096;
/** Lines and texts of a service request, of a contact. */
export const REQUEST_FIELD_MAX = 200;
export const REQUEST_TEXT_MAX = 4_000;
export const CONTACT_FIELD_MAX = 200;
/** Messages that are read at once. */
export const MESSAGES_PAGE_MAX = 200;
/** Rows of a file in one op: what a typical row leaves of `OP_BODY_MAX`. */
export const IMPORT_ROWS_MAX = 100;
/** People who are proposed for a conversation. */
export const SUGGESTED_MAX = 5;

/** AI parts. Texts in UTF-16 code units; times in ms. */
export const AI_MAX = { factText: 3_000, question: 2_000, output: 12_000, instruction: 1_000, languageName: 40, summary: 4_000, reviewNote: 1_000, discardNote: 500 } as const;
/** Customers send bursts: a draft begins when nothing came for so long. */
export const BURST_QUIET_MS = 2_500;
/** Of a claim (`draft.claim`), from the relay's time of its entry. */
export const CLAIM_LEASE_MS = 60_000;
/** An automatic answer leaves its desktop at most so long after its time. */
export const AUTO_LATE_MAX_MS = 60_000;
/** Automatic answers keep away from a conversation for so long after a person wrote in it. */
export const HUMAN_RECENT_MS = 30 * 60 * 1000;

/** Knowledge base. One part of an article travels in one op. */
export const KB_MAX = { title: 200, partText: 24_000, parts: 100, question: 500, questions: 200, folder: 200, fileBytes: 20 * 1024 * 1024, fileMs: 30_000, pages: 500 } as const;
/** Revisions of an article that are kept. */
export const KB_REVISIONS_KEPT = 10;

/** Of a report, about three years. */
export const REPORT_DAYS_MAX = 1_100;
/** It lies within these. */
export const REPORT_FIRST_DAY = '2000-01-01';
export const REPORT_LAST_DAY = '2099-12-31';
/** Conversations of one `retention.apply`. */
export const RETENTION_CONVERSATIONS_MAX = 200;
/** The longest that a workspace may choose to keep conversations, besides for ever; months. */
export const RETENTION_MONTHS_MAX = 120;

/** What a window keeps with the engine where the lock is on, all together. */
export const WINDOW_MEMORY = { keys: 2_000, characters: 5_000_000 } as const;

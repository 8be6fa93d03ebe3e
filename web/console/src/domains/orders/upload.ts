import type { Answer } from "@regulars/shared/api/client";
import { fromAnswer, fromThrown } from "@regulars/shared/api/problem";
import { currentLanguage } from "@regulars/shared/i18n/language";

export type Sent = Answer<"/v1/imports/files", "post">;
type Sending = { csrf: string | null; signal: AbortSignal; onProgress: (sent: number) => void };

/**
 * Sends a file as it is; `onProgress` hears how many bytes left. By XMLHttpRequest, since `fetch` tells nothing of a body on its way.
 * Throws a `Problem`, or the AbortError of `signal`, after which nothing of the file is kept.
 */
export function sendFile(file: File, { csrf, signal, onProgress }: Sending): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/v1/imports/files?name=${encodeURIComponent(file.name)}`);
    request.responseType = "text";
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("accept-language", currentLanguage() === "en" ? "en" : "zh");
    if (csrf !== null) {
      request.setRequestHeader("x-csrf-token", csrf);
    }
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => {
      if (request.status === 201) {
        resolve(JSON.parse(request.responseText) as Sent);
      } else {
        reject(fromAnswer(answerOf(request), parsed(request.responseText)));
      }
    };
    request.onerror = () => reject(fromThrown(new TypeError()));
    request.onabort = () => reject(new DOMException("", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

function answerOf(request: XMLHttpRequest): Response {
  const id = request.getResponseHeader("x-request-id");
  return new Response(null, { status: request.status, headers: id ? { "x-request-id": id } : {} });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

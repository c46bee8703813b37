// Answers the paths of a single-page application, which are no keys of the bucket, with its page.
var PAGE = "@PAGE@";

function handler(event) {
  var request = event.request;
  var last = request.uri.slice(request.uri.lastIndexOf("/") + 1);
  if (last.indexOf(".") === -1 && request.uri.indexOf("/.well-known/") !== 0) {
    request.uri = PAGE;
  }
  return request;
}

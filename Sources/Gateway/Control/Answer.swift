/// What a command answers, for people and for machines.
struct Answer: Sendable {
    enum Part: Sendable {
        /// A line of text, wrapped to the terminal.
        case line(String)
        /// A line that is never wrapped.
        case literal(String)
        case table(Table)
    }

    var code = ControlReply.Code.done
    var parts: [Part]
    var json: JSONText
    /// What was not done of what was commanded, for the log; nil: nothing.
    var shortfall: String?

    init(_ parts: [Part], _ json: JSONText, code: ControlReply.Code = .done, shortfall: String? = nil) {
        self.parts = parts
        self.json = json
        self.code = code
        self.shortfall = shortfall
    }

    /// - Parameter width: of the terminal, in characters; nil: none.
    func text(width: Int?) -> String {
        let lines = parts.flatMap { part in
            switch part {
            case .line(let text): Table.wrapped(TOMLText.visible(text), to: width.map { max($0, 20) } ?? .max)
            case .literal(let text): [TOMLText.visible(text)]
            case .table(let table): table.lines(width: width)
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    func reply(to request: ControlRequest) -> ControlReply {
        switch request.format {
        case .text: ControlReply(code: code, text: text(width: request.width))
        case .json: ControlReply(code: code, text: json.text() + "\n")
        }
    }
}

import ArgumentParser
import Gateway

struct AdoptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Learns a study from its PACS: one that was made before the gateway was there.",
        discussion: """
            Asks the PACS of the source by C-FIND for all instances of the study, and settles the study as if they
            had come: its manifest is published unless it is held. What came before, or was rejected, stays as it is.
            No image is fetched, so image destinations get nothing by it.

            Example:
              kosgate adopt 1.2.826.0.1.3680043.10.999.1 --source radiology --why "made before the start"
            """)

    @OptionGroup var study: StudyOptions
    @OptionGroup var reason: ReasonOptions

    @OptionGroup var control: ControlOptions

    func run() throws {
        try control.ask(.adopt(study.name), why: reason.why)
    }
}

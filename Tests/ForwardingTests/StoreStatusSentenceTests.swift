import DICOMNetwork
import Testing

@testable import Forwarding

@Suite struct StoreStatusSentenceTests {
    @Test func anAnswerWithoutStatusIsNotToldAsAFailureOfThePeer() {
        var answer = StoreStatus(.processingFailure, errorComment: "hm")
        #expect(answer.sentence == "0x0110 (processing failure), \"hm\"")
        answer.isSilent = true
        #expect(answer.sentence == "without a status, \"hm\"")
    }
}
